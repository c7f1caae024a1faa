"""Ask whether the model is right: patterns, a document left out, a second reading, a backtest, forecasts on record."""
