variable "exchange_url" {
  description = "Address of Exchange Web Services."
  type        = string
}

variable "exchange_username" {
  description = "Service account that the connection signs in as."
  type        = string
}

variable "exchange_password" {
  description = "Password of the service account."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "exchange_ca_certificate" {
  description = "Certificate authority of the Exchange server (PEM), if it is a private one."
  type        = string
  default     = null
}

variable "user_emails" {
  description = "People whose mail is synchronised."
  type        = set(string)
  default     = []
}

variable "deletion_policy" {
  description = "What destroy does with a connection that a sync policy has used: \"delete\" is refused, \"abandon\" forgets it."
  type        = string
  default     = "delete"
}
