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

variable "salesforce_login_url" {
  description = "Where to sign in to Salesforce: the My Domain of the organization, or a login host."
  type        = string
}

variable "salesforce_username" {
  description = "Service user that must have signed in."
  type        = string
}

variable "salesforce_organization_id" {
  description = "Organization that must have been signed in to."
  type        = string
  default     = null
}

variable "salesforce_client_id" {
  description = "Consumer key of the app that the service user signs in through."
  type        = string
}

variable "salesforce_private_key" {
  description = "Private key to the app's certificate (PEM): JWT bearer flow."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true
}

variable "salesforce_client_secret" {
  description = "Consumer secret of the app, instead of the key: client credentials flow."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true
}

variable "salesforce_ca_certificate" {
  description = "Certificate authority in front of Salesforce (PEM), if there is a private one."
  type        = string
  default     = null
}

variable "revalidation_trigger" {
  description = "Any other value has the connection to Salesforce signed in again and its metadata read."
  type        = string
  default     = "first"
}

variable "user_emails" {
  description = "People whose mailboxes are synced."
  type        = set(string)
  default     = []
}

variable "deletion_policy" {
  description = "What destroy does with connections that a sync policy has used: \"delete\" is refused, \"abandon\" forgets them."
  type        = string
  default     = "delete"
}
