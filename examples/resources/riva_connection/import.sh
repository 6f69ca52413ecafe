# By id.
terraform import riva_connection.mail 0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10

# By name.
terraform import riva_connection.mail "name=Exchange"
