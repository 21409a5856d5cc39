"""Services that Runbutton does not have, as somebody would add them. Importing `webhook` registers them."""
