"""The statistics screen: its panels and charts, and the periods that replies are summed over."""
