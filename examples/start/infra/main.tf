terraform {
  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = "~> 1.230"
    }
  }
}

provider "alicloud" {
  region = var.region
}

resource "alicloud_vpc" "main" {
  vpc_name   = "example"
  cidr_block = "10.8.0.0/16"
}

resource "alicloud_vswitch" "main" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.8.0.0/24"
  zone_id    = "${var.region}-h"
}

resource "alicloud_slb_load_balancer" "web" {
  load_balancer_name = "web"
  address_type       = "internet"
}

resource "alicloud_instance" "web" {
  count          = 2
  instance_name  = "web-${count.index}"
  instance_type  = "ecs.g7.large"
  image_id       = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id     = alicloud_vswitch.main.id
  security_groups = [alicloud_security_group.web.id]
}

resource "alicloud_security_group" "web" {
  security_group_name = "web"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_db_instance" "main" {
  engine           = "MySQL"
  engine_version   = "8.0"
  instance_type    = "mysql.n2.medium.1"
  instance_storage = 100
  vswitch_id       = alicloud_vswitch.main.id
}

resource "alicloud_oss_bucket" "uploads" {
  bucket = "example-user-uploads"
}

resource "alicloud_oss_bucket_acl" "uploads" {
  bucket = alicloud_oss_bucket.uploads.bucket
  acl    = "private"
}

resource "alicloud_log_project" "main" {
  project_name = "example"
}

resource "alicloud_log_store" "access" {
  project_name     = alicloud_log_project.main.project_name
  logstore_name    = "nginx-access"
  retention_period = var.access_log_days
}
