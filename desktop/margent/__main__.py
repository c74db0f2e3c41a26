"""`python -m margent`, for machines where the command is not on the path."""

import sys

from margent.cli import main

sys.exit(main())
