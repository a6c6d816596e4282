"""The article's translator, from pairs to decoded sentences.

python docs/article.py spa.txt --epochs 100 --pairs 10000 --units 256
"""

import argparse
from itertools import islice

from dragoman import CharLSTMConfig, open_pairs
from dragoman.batches import vectorize
from dragoman.models import char_lstm
from dragoman.vocabulary.characters import character_vocabularies

options = argparse.ArgumentParser()
options.add_argument("path")
options.add_argument("--epochs", type=int, default=100)
options.add_argument("--pairs", type=int, default=10000)
options.add_argument("--units", type=int, default=256)
args = options.parse_args()

# The data: the first pairs of the file, and the characters of either side.
pairs = list(islice(open_pairs(args.path), args.pairs))
src_vocabulary, trg_vocabulary = character_vocabularies([pair.src for pair in pairs], [pair.trg for pair in pairs])

# The three arrays.
arrays = vectorize(pairs, src_vocabulary, trg_vocabulary)
encoder_input_data, decoder_input_data, decoder_target_data = arrays
print("Number of samples:", len(pairs))
print("Number of unique input tokens:", encoder_input_data.shape[2])
print("Number of unique output tokens:", decoder_input_data.shape[2])
print("Max sequence length for inputs:", encoder_input_data.shape[1])
print("Max sequence length for outputs:", decoder_input_data.shape[1])

# The models: one for training and two for decoding, over the same layers.
model = char_lstm.build(
    CharLSTMConfig(units=args.units, masking=False),
    src_vocabulary,
    trg_vocabulary,
    max_trg_length=decoder_input_data.shape[1],
)
model.training_model.summary()

# Training, with teacher forcing.
model.training_model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
model.training_model.fit(
    [encoder_input_data, decoder_input_data],
    decoder_target_data,
    batch_size=64,
    epochs=args.epochs,
    validation_split=0.2,
)

# Decoding sentences.
for i in range(10):
    print("-")
    print("Input sentence:", pairs[i].src)
    print("Decoded sentence:", model.decode_sequence(encoder_input_data[i : i + 1]))
