"""The decision record that is filed: what it says, and one module for each form it takes."""
