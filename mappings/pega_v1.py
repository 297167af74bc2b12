"""What the records of Pega's API v1 mean: the same as those of API v2, since both have the columns of the same classes."""

from mappings.pega import MAPPINGS

__all__ = ["MAPPINGS"]
