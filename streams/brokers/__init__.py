"""The embedded broker for trying out, a local Apache Kafka for tests, and the clients of both."""
