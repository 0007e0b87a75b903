"""What the OpenAPI document says of requests that are read by hand."""

from typing import Any

from kg import media

_QUERY = {"type": "string", "minLength": 1, "example": "SELECT * WHERE { ?subject ?property ?value } LIMIT 10"}
_GRAPH_NAMES = {"type": "array", "items": {"type": "string", "format": "uri"}}
_RESULTS: dict[str, Any] = {name: {} for name in (*media.ROWS, *media.GRAPHS, "text/html")}  # of standards


def _responses() -> dict[str, Any]:
    failing = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}}
    return {
        "200": {"description": "The result, in the form that Accept names", "content": _RESULTS},
        "400": {"description": "The query cannot be parsed; line and column say where", **failing},
        "403": {"description": "An update, or a SERVICE that is not ours", **failing},
        "413": {"description": "The query is too long", **failing},
        "415": {"description": "The body is of another media type", **failing},
        "501": {"description": "The query uses a function that SPARQL 1.1 does not have", **failing},
        "503": {"description": "The query took too much time or memory, or too many are waiting", **failing},
    }


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_DATASET = [
    _parameter(
        "default-graph-uri", _GRAPH_NAMES, "Graphs that make up the default graph; all of them if none is named"
    ),
    _parameter("named-graph-uri", _GRAPH_NAMES, "Graphs that GRAPH sees"),
]
SPARQL_GET = {
    "parameters": [
        _parameter("query", _QUERY, "A SPARQL 1.1 query; without it the service describes itself"),
        _parameter("explain", {"type": "boolean"}, "Run the query and say how, as JSON, instead of its result"),
        *_DATASET,
    ],
    "responses": _responses(),
}
SPARQL_POST = {
    "parameters": _DATASET,
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": _QUERY},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": _QUERY,
                        "default-graph-uri": _GRAPH_NAMES,
                        "named-graph-uri": _GRAPH_NAMES,
                    },
                }
            },
        },
    },
    "responses": _responses(),
}
