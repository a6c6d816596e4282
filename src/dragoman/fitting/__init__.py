"""A model fitted to batches. This room touches Keras; it emits events and draws nothing."""
