"""The pages, the JSON interface, the SPARQL endpoint and the ``tantu`` command."""
