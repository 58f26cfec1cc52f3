"""Databases in containers: published images (数据库镜像), recognised by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

from pytest_icp.law.jsontypes import Json

_IMAGES = MappingProxyType(
    {
        "database": """mysql mysql-server mysql-cluster mariadb mariadb-galera percona
        percona-server percona-server-mongodb postgres postgresql postgresql-repmgr postgis
        timescaledb timescaledb-ha mongo mongodb mongodb-sharded mssql/server mssql-server oracle-xe
        oracle-free database/express database/enterprise database/free tidb tikv cockroach
        oceanbase-ce seekdb opengauss dm8 kingbase greatsql couchdb neo4j nebula-storaged influxdb
        tdengine tdengine/tsdb iotdb cassandra scylla aerospike rqlite elasticsearch opensearch solr
        meilisearch typesense manticore pgvector milvus qdrant weaviate chroma oracle oracle_11g
        oracle-12c oracle-xe-11g azure-sql-edge db2 gbase8s vexdb opengauss-server obce-mini
        polardb-x polardb_pg_local_instance yugabyte citus arangodb surrealdb questdb dgraph hbase
        percona-xtradb-cluster nacos-mysql crunchy-postgres spilo mongodb-community-server
        mongodb-enterprise-server harbor-db postgresql-photon zincsearch""",
        "cache": """redis redis-stack redis-stack-server redis-cluster valkey memcached keydb
        dragonfly kvrocks redis-photon""",
        "object_store": "minio rustfs seaweedfs fastdfs dxflrs/garage",
        "warehouse": """clickhouse clickhouse-server doris starrocks/allin1-ubuntu
        starrocks/be-ubuntu greenplum greenplum-db cloudberry doris.be-ubuntu""",
    }
)
_KINDS = {image: kind for kind, images in _IMAGES.items() for image in images.split()}
_TAG = re.compile(r"(?:@[^/]*+|:[^/]*+)$")
_VERSION = re.compile(r"(?<![0-9._-])[-_]?v?[0-9][0-9._]*+$")
"""The version in a name, as in ``mysql57`` and ``redis-7.2``."""
_LOADED = re.compile(r"(dm8|kingbase)_\w+")
"""Images that are not published, but loaded from a file with the version in their names."""


def store_of(image: Json) -> str | None:
    """Return the kind of data store that a container of an image is; None if it is none.

    Where the image is taken from, and of which version it is, makes no difference.
    """
    written = _TAG.sub("", _TAG.sub("", image)) if isinstance(image, str) else ""
    *_, above, name = ("", *_LOADED.sub(r"\1", written).split("/"))
    bare = _VERSION.sub("", name)
    return _KINDS.get(name) or _KINDS.get(f"{above}/{name}") or _KINDS.get(bare)


def is_unnamed(image: str) -> bool:
    """Whether the name of an image, its address and tag aside, has a variable in it."""
    return "$" in _TAG.sub("", _TAG.sub("", image)).rpartition("/")[2]


# A program stands at the beginning, or behind a word or a sign of the shell.
_RUNS = r"""(?:^|[;&|(]|-\w*c[ ]|\b(?:do|then|until|while|if|exec)[ ])[ ]*["']?(?:/usr/bin/)?"""
_CLIENTS = re.compile(
    rf"{_RUNS}(?:mysql(?:dump|admin)?|mariadb(?:-dump)?|psql|pg_\w+|redis-cli|clickhouse-client|mc"
    r"|mongo(?:sh|dump|restore|import|export)?)(?![\w.=-])"
)
_SERVERS = re.compile(rf"{_RUNS}(?:mysqld|mariadbd|postgres|mongo[ds]|redis-server)\b|entrypoint")


def only_asks(commands: Iterable[Json]) -> bool:
    """Whether a container with the image of a database runs a program that asks another one.

    Its commands are lists of words, or lines.
    """
    words = [word for one in commands for word in (one if isinstance(one, list) else [one])]
    runs = " ".join(map(str, words)).replace("\n", ";")
    return bool(_CLIENTS.search(runs)) and not _SERVERS.search(runs)
