"""The study: experiments on networks, leads, sizes and convolutions, by folds, with one report."""
