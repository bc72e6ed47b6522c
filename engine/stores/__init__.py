"""The store ports and, one module a store, what stands behind them; queries lie beside as `.sql` files."""
