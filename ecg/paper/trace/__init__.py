"""From a sheet and its layout to leads in mV, each with its confidence."""
