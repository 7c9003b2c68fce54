"""
Starts the sentinel of pytest: `python3 -I pytest_start.py <folder of tools> <test files>`.

-I keeps the tree off the path. The tools come last on it, and the sentinel's own folder is on it only while it is loaded.
"""

import sys

# A process that multiprocessing starts reads this file again, under another name.
if __name__ == "__main__":
    sys.path.append(sys.argv.pop(1))
    sys.path.insert(0, __file__.rpartition("/")[0])
    sys.dont_write_bytecode = True
    import os

    import pytest_sentinel

    sys.path.pop(0)
    os._exit(pytest_sentinel.main(sys.argv[1:]))
