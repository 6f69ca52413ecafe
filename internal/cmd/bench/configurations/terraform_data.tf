variable "size" {
  type = number
}

# As many values as a connection has.
resource "terraform_data" "measured" {
  count = var.size

  input = {
    name     = "Connection ${count.index}"
    ews_url  = "https://mail.example.com/EWS/Exchange.asmx"
    username = "svc-riva-${count.index}@example.com"
  }
}
