"""What a bundle learns of 50 corrections, and what else changes by it: docs/learning.md."""
