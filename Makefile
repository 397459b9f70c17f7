# JDK 17 or newer and Maven Central are enough for demo and test; ./mvnw brings Maven.
.PHONY: demo test hpi run bench kube flux clean

DEMO_JAR := agent/target/gitops-agent-demo.jar
AGENT_SOURCES := $(shell find src/main/java/io/jenkins/plugins/gitops/core agent/src/main agent/src/demo \
	docs/examples/config-repo agent/pom.xml -type f)

$(DEMO_JAR): $(AGENT_SOURCES)
	./mvnw -q -B -ntp -f agent/pom.xml -Dmaven.test.skip=true package
	@touch $@

# Delivers payments-api through dev, staging and production, and rolls a bad image back. ARGS="--yes" approves automatically;
# KUBECONFIG=... uses a real cluster instead of the embedded one.
demo: $(DEMO_JAR)
	java -jar $(DEMO_JAR) demo $(ARGS)

# Every tier of tests that can run on this machine; STRICT=1 makes a missing tier a failure.
test:
	scripts/test

# The plugin: target/gitops.hpi
hpi:
	./mvnw -B -ntp -DskipTests package

# A real Jenkins on http://127.0.0.1:8080/jenkins/ with the plugin, the example repository, three embedded clusters.
run: $(DEMO_JAR)
	scripts/run

# Prints measured ratios; NAME=<prefix> runs only some of them.
bench: $(DEMO_JAR)
	@scripts/bench $(NAME)

# Builds the programs of a real control plane, once per user.
kube:
	kube/build

# Builds the controllers of Flux for the Flux tier, once per user.
flux:
	kube/build-flux

clean:
	rm -rf target agent/target work
