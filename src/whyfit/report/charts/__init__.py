"""Charts: rows from the document, altair drawings of them, compiled to Vega when whyfit is built."""
