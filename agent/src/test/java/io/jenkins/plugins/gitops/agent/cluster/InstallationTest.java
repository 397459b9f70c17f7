package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.util.Optional;
import org.junit.Test;

public class InstallationTest {
    private static final Installation DEV = new Installation("dev", Optional.of("1234"));
    private static final Installation NAME_ONLY = new Installation("dev", Optional.empty());

    @Test
    public void idNamesAgentAndCluster() {
        assertThat(DEV.id(), is("dev/1234"));
        assertThat(NAME_ONLY.id(), is("dev"));
    }

    @Test
    public void ownsObjectsItsAgentMarkedInItsCluster() {
        assertThat(DEV.owns("dev/1234"), is(true));
        assertThat(DEV.owns("dev/5678"), is(false));
        assertThat(DEV.owns("dev-2/1234"), is(false));
        assertThat(DEV.owns("de/1234"), is(false));
        assertThat(DEV.owns(""), is(false));
    }

    @Test
    public void agentNamesDecideWhenOneClusterIsUnknown() {
        assertThat(DEV.owns("dev"), is(true));
        assertThat(NAME_ONLY.owns("dev/1234"), is(true));
        assertThat(NAME_ONLY.owns("dev"), is(true));
        assertThat(NAME_ONLY.owns("prod"), is(false));
        assertThat(NAME_ONLY.owns("dev/eu/1234"), is(false));
    }

    @Test
    public void fieldManagerNamesTheAgent() {
        assertThat(Installation.fieldManager("payments_eu.1"), is("gitops-agent-payments_eu.1"));
    }

    @Test
    public void fieldManagerIsBoundedAndUnique() {
        String one = Installation.fieldManager("a".repeat(300));
        String other = Installation.fieldManager("a".repeat(301));

        assertThat(one.length(), is(128));
        assertThat(one, startsWith("gitops-agent-aaa"));
        assertThat(one, is(not(other)));
        assertThat(Installation.fieldManager("a".repeat(115)).length(), is(128));
        assertThat(Installation.fieldManager("a".repeat(115)), endsWith("-" + "a".repeat(115)));
    }

    @Test
    public void fieldManagerNeedsNoUrlEscaping() {
        String one = Installation.fieldManager("team a/\u00fc");
        String other = Installation.fieldManager("team a/\u00e4");

        assertThat(one.matches("gitops-agent-team-a---[0-9a-f]{8}"), is(true));
        assertThat(one, is(not(other)));
        assertThat(one.length(), lessThanOrEqualTo(128));
    }
}
