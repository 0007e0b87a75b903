"""Vectors in Milvus: a server or cluster at a URL, or a file.

A collection belongs to one data directory. What is indexed together and never changes, under a key of its content, is
a partition named by that key; a generation names its partitions, so those who read an older one go on with theirs.
"""
