variable "region" {
  description = "Where everything runs"
  type        = string
  default     = "cn-beijing"
}

variable "access_log_days" {
  description = "How long the access logs are kept, in days"
  type        = number
  default     = 200
}
