"""``tantu mcp`` over its standard input and output, asked by the official SDK's own client, as docs/sparql.md says."""

import json
import sys

import anyio
import pytest
from mcp import Client, StdioServerParameters

from kg.settings import ROOT
from tests import snippets
from web import assistants, cli

QUESTION = "中国移动2023年综合能耗是多少？"


@pytest.fixture(scope="module")
def talk(data_folder):
    """One conversation: what the server lists, and the answers to some calls."""
    (settings,) = (json.loads(code) for code in snippets.below("For language models", "json"))
    given = settings["mcpServers"]["tantu"]
    assert given["command"] == "tantu"
    arguments = ["-m", "web", *given["args"], "--data", str(data_folder)]
    return anyio.run(conversation, StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT))


async def conversation(parameters):
    async with Client(parameters, read_timeout_seconds=120) as client:
        return {
            "instructions": client.instructions,
            "tools": {tool.name: tool for tool in (await client.list_tools()).tools},
            "ontology": (await client.read_resource("tantu://ontology")).contents[0].text,
            "examples": (await client.read_resource("tantu://examples")).contents[0].text,
            "ask": await client.call_tool("ask", {"question": QUESTION}),
            "search": await client.call_tool(
                "search", {"query": "storms and floods", "limit": 2, "report": "zte-2024"}
            ),
            "sparql": await client.call_tool("sparql", {"query": "SELECT ?f { ?f a o:Target }", "limit": 2}),
            "describe": await client.call_tool("describe", {"name": "m:pue"}),
            "mistake": await client.call_tool("sparql", {"query": "SELECT ?s { ?s a }"}),
            "refused": await client.call_tool("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { } }"}),
            "argument": await client.call_tool("search", {"query": "x", "limit": 0}),
        }


def test_four_tools_that_only_read(talk):
    assert set(talk["tools"]) == {"search", "ask", "sparql", "describe"}
    for tool in talk["tools"].values():
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert all("description" in given for given in tool.input_schema["properties"].values())
        assert tool.output_schema["properties"]
        assert len(tool.description) > 100
    assert "zte-2024" in talk["instructions"]


def test_an_answer_has_its_quotes(talk):
    answer = talk["ask"].structured_content
    assert answer["answered"]
    assert answer["values"][0]["written"] == "774.8 万吨标准煤"
    assert answer["values"][0]["fact"].startswith("f:mobile-2023-")
    assert answer["citations"]


def test_results_are_what_their_schema_says(talk):
    assert {hit["report"] for hit in talk["search"].structured_content["hits"]} == {"zte-2024"}
    table = talk["sparql"].structured_content
    assert (table["columns"], len(table["rows"]), table["more"]) == (["f"], 2, True)
    assert talk["describe"].structured_content["labels"]["en"] == "PUE"
    assert json.loads(talk["sparql"].content[0].text) == table


@pytest.mark.parametrize(
    ("call", "said"),
    [("mistake", "line 1, column 18"), ("refused", "SERVICE"), ("argument", "greater than or equal to 1")],
)
def test_a_mistake_is_a_tools_error(talk, call, said):
    assert talk[call].is_error
    assert said in talk[call].content[0].text


def test_the_ontology_is_told(talk):
    assert {"- `m:pue` PUE", "- `m:` https://w3id.org/tantu/metric/"} <= set(talk["ontology"].splitlines())


def test_the_examples_are_told(talk):
    assert talk["examples"].count("```sparql\n") >= 30
    assert not [line for line in talk["examples"].splitlines() if line == "# "]


def test_a_client_of_an_older_protocol_is_served(library):
    async def shaken_hands():
        async with Client(assistants.server(library), mode="legacy") as client:
            return await client.call_tool("sparql", {"query": "ASK { ?s a o:Target }"})

    assert anyio.run(shaken_hands).structured_content["rows"] == [[True]]


def test_what_to_install_is_said(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "web.assistants", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    assert cli.main(["mcp"]) == cli.REFUSED
    assert "pip install 'tantu[mcp]'" in capsys.readouterr().err
