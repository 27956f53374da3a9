"""HSDS 3.0 (docs.openreferral.org): offers as services of other directories, and theirs as offers."""
