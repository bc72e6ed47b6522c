// Items in the picture.

// name: without_label
MATCH (i:Item)
WHERE none(label IN labels(i) WHERE label IN $labels)
RETURN i.id

// name: label_items
UNWIND $rows AS row
MATCH (i:Item {id: row.id})
SET i:$(row.labels)
