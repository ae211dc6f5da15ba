"""Reports, earlier reports and quarantined copies go in; what is past its time goes out of the computer."""
