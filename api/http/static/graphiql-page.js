// GraphiQL over our own endpoint, with one tab for each question of the demo (suyuan demo).
"use strict";

const questions = [
  {
    query: `# Where did the can that a family complained about come from?
# ▷ runs it; a click on any field tells what it means.
query BackTrace {
  trace(seeds: [{ item: { id: "(01)09521103009000(10)CAN-B" } }], direction: BACK) {
    complete
    ledger { position hash }
    summary { items { certain possible } sites { certain possible } depth }
    sites(first: 20) {
      edges { node { certainty depth site { id name gln address { city country } } } }
    }
    gaps(first: 5) { edges { node { kind text } } }
  }
}
`,
  },
  {
    query: `# Where did the milk of the bad tank go?
query ForwardTrace {
  trace(
    seeds: [{ item: { id: "urn:epc:class:lgtin:9521101.000001.TK-S1" } }]
    direction: FORWARD
  ) {
    complete
    items(first: 20) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { certainty depth item { id kind lot product { name } } } }
    }
  }
}
`,
  },
  {
    query: `# Which outlets must be called, about how much?
query RecallScope {
  recallScope(
    seeds: [{ item: { id: "(01)09521101000016(10)TK-S1" } }]
  ) {
    hash
    complete
    summary {
      outlets { certain possible }
      held { low high uom }
      gaps
    }
    outlets(first: 50) {
      edges {
        node {
          certainty
          tier
          site { name gln }
          contacts { name phone }
          stock(first: 5) {
            edges {
              node {
                item { lot serial }
                held { low high uom }
                sold { low high uom }
              }
            }
          }
          evidence
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Anything by code or name, Chinese or Latin.
query Search {
  search(text: "奶", first: 10) { id kind name }
  ledger { position hash acceptedUntil }
}
`,
  },
];

const root = ReactDOM.createRoot(document.getElementById("graphiql"));
root.render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultTabs: questions,
    defaultEditorToolsVisibility: true,
  }),
);
