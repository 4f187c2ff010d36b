"""The colours of pictures that leave this site, by what they mean; they equal those of static/css/tokens.css."""

SON, MARK_LINE = "#A3241F", "#FBF3E2"
DONG, NGOC, HO = "#7D5210", "#1C6650", "#8A4B00"
INK, INK_2 = "#1B1E24", "#4A4F5A"
PAPER, LINE = "#FFFDF8", "#DDD6C8"
WHITE = "#FFFFFF"
# What is not in force has no colour at all.
DEAD, DEAD_INK, DEAD_LINE, DEAD_PAPER = "#6A6A6A", "#3C3C3C", "#BDBDBD", "#F4F4F4"
