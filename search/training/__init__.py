"""Training of the bilingual embedding model that Tantu ships: parallel text in, ``search/model`` out.

``python -m search.training --corpus DIR --out search/model`` trains and exports; ``python -m search.training.measure``
gives the figures of the model card. Only this package needs the ``training`` extra (sentencepiece, jieba).
"""
