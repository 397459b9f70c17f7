# JDK 17 or newer and Maven Central are enough for demo and test; ./mvnw brings Maven.
.PHONY: demo test hpi run bench kube flux clean

AGENT_JAR := agent/target/gitops-agent.jar
AGENT_SOURCES := $(shell find src/main/java/io/jenkins/plugins/gitops/core src/main/java/io/jenkins/plugins/gitops/agent \
	docs/examples/config-repo agent/pom.xml -type f)

$(AGENT_JAR): $(AGENT_SOURCES)
	./mvnw -q -B -ntp -f agent/pom.xml -Dmaven.test.skip=true package
	@touch $@

# Delivers payments-api through dev, staging and production, and rolls a bad image back. ARGS="--yes" approves unasked;
# KUBECONFIG=... uses a real cluster instead of the embedded one.
demo: $(AGENT_JAR)
	java -jar $(AGENT_JAR) demo $(ARGS)

# Every tier of tests that this machine can reach; STRICT=1 makes a missing tier a failure.
test:
	scripts/test

# The plugin: target/gitops.hpi
hpi:
	./mvnw -B -ntp -DskipTests package

# A real Jenkins on http://127.0.0.1:8080/jenkins/ with the plugin, the example repository, three embedded clusters.
run: $(AGENT_JAR)
	scripts/run

# Ratios measured in one run; NAME=<prefix> runs some of them.
bench: $(AGENT_JAR)
	@scripts/bench $(NAME)

# The programs of a real control plane, built once per user.
kube:
	kube/build

# The controllers of Flux for the tests beside them, built once per user.
flux:
	kube/build-flux

clean:
	rm -rf target agent/target work
