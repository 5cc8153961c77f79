"""What the command's exit code says."""

EXIT_OK = 0
EXIT_SOME = 1  # done, but records were quarantined, checks warned, or differences were found
EXIT_USAGE = 2
EXIT_CRITICAL = 3  # a critical check failed, nothing was published
EXIT_FAILED = 4  # the run could not be done
