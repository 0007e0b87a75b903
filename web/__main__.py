"""``python -m web`` is the ``tantu`` command."""

import sys

from web.cli import main

sys.exit(main())
