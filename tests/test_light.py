"""A light bundle is smaller, has no pairs, and translates as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dragoman import bundle as bundles
from dragoman.errors import BundleError
from dragoman.light import write_light
from dragoman.translator import Translator


def test_it_translates_as_the_whole_bundle_does(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    light = write_light(bundle, tmp_path / "light")
    assert not light.has_data
    assert (light.src, light.trg, light.scores, light.training) == (
        bundle.src,
        bundle.trg,
        bundle.scores,
        bundle.training,
    )
    whole = (bundle_path / "weights.safetensors").stat().st_size
    assert (tmp_path / "light/weights.safetensors").stat().st_size < 0.6 * whole
    for name, array in bundle.trained.weights.items():
        np.testing.assert_allclose(light.trained.weights[name], array, rtol=2**-10, atol=1e-6)
    texts = list(bundle.golden)
    before, after = (Translator.load(path).translate(texts) for path in (bundle_path, tmp_path / "light"))
    assert sum(a.text == b.text for a, b in zip(before, after, strict=True)) >= 0.8 * len(texts)


def test_its_golden_translations_are_its_own(bundle_path: Path, tmp_path: Path) -> None:
    light = write_light(bundles.read(bundle_path), tmp_path / "light")
    assert light.golden
    translated = Translator.load(tmp_path / "light").translate(list(light.golden))
    assert {translation.src: translation.text for translation in translated} == light.golden


def test_weights_too_large_for_16_bits_are_refused(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    name, array = next(iter(bundle.trained.weights.items()))
    grown = replace(bundle.trained, weights={**bundle.trained.weights, name: array + np.float32(1e6)})
    with pytest.raises(BundleError, match="beyond 65504"):
        write_light(replace(bundle, trained=grown), tmp_path / "light")
    assert not (tmp_path / "light").exists()
