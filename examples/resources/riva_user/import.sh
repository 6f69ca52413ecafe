# By id.
terraform import riva_user.ada 0192f0c1-9a02-7d3f-b1c4-55e0f2a8c913

# By email address.
terraform import riva_user.ada "email=ada@example.com"
