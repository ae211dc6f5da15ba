"""The recipes are in no package: they are found behind what is installed, so that all else is tested as installed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
