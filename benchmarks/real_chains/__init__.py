"""What the study of LEAN's real sample chains is made of: the files and their hidden inputs, the comparison, and the quoted chains."""
