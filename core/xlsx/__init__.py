"""Tables that people open in Excel: `columns` says what a table holds, `writing` makes the file in the house style,
`reading` takes one back in, `guard` judges a package before anything parses it, `legacy` knows text of old fonts."""
