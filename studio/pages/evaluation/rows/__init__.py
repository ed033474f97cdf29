"""The rows behind an evaluation: errors and cells, doubtful labels, slices, speed."""
