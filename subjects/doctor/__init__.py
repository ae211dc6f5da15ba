"""What this installation can and cannot do: it is looked over part by part, and told in plain words."""
