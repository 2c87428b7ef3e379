"""The study: experiments on networks, leads, sizes and convolutions, trained fold by fold, in one report."""
