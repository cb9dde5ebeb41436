"""How good the topics are: accuracy and macro-F1 at top level against labelled news, calibration, not-news, speed."""
