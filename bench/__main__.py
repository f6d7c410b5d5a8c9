"""Every measurement, one after another; the figures are this machine's."""

from bench import intake

if __name__ == "__main__":
    intake.main()
