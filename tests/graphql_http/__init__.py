"""The audits of GraphQL over HTTP by the npm package graphql-http, against a server of ours."""
