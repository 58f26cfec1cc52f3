$TTL 86400
@ IN SOA ns.example.com. root.example.com. 1 604800 86400 2419200 86400
;
@	IN	NS	ns.example.com.
@	IN	A	192.0.2.1
@	IN	AAAA	::1
ns	IN	A	192.0.2.2
WWW	IN	CNAME	example.com.
blog	IN	CNAME	example.com.
ftp	IN	A	192.0.2.9
localhost IN	A	127.0.0.1
