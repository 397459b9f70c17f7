package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.Test;

/** The stored state of a wait can be read by later versions of the plugin. */
public class AwaitedChangeTest {
    private static final RepositoryBinding CONFIG = RepositoryBinding.of(configuration());
    private static final String REVISION = "0123456789012345678901234567890123456789";
    private static final Target TARGET = new Target(
            "payments-api",
            "staging",
            "services/payments-api/overlays/staging",
            null,
            List.of("backend.image"),
            "payments-api-staging");
    /** The format before targets had a deployer. */
    private static final String BEFORE_AGENTS = """
            rO0ABXNyAC1pby5qZW5raW5zLnBsdWdpbnMuZ2l0b3BzLnN0ZXBzLkF3YWl0ZWRDaGFuZ2UAAAAAAAAAAQIADUwAC2FwcGxpY2F0
            aW9udAASTGphdmEvbGFuZy9TdHJpbmc7TAALZW52aXJvbm1lbnRxAH4AAUwABmhlYWx0aHEAfgABTAAJaW1hZ2VGaWxlcQB+AAFM
            AAppbWFnZVBhdGhzdAAVTGphdmEvdXRpbC9BcnJheUxpc3Q7TAAGaW1hZ2VzcQB+AAJMAAlvcGVyYXRpb25xAH4AAUwABHBhdGhx
            AH4AAUwACnJlcG9ydGVkQXNxAH4AAUwACnJlcG9zaXRvcnlxAH4AAUwACXJlc291cmNlc3EAfgACTAAIcmV2aXNpb25xAH4AAUwA
            DnN5bmNlZFJldmlzaW9ucQB+AAF4cHQADHBheW1lbnRzLWFwaXQAB3N0YWdpbmdwcHNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHS
            HZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABdAANYmFja2VuZC5pbWFnZXhzcQB+AAYAAAABdwQAAAABdAAOZ2hjci5pby9vL3g6
            djJ4dAAHcnVuIzEvN3QAJnNlcnZpY2VzL3BheW1lbnRzLWFwaS9vdmVybGF5cy9zdGFnaW5ndAAUcGF5bWVudHMtYXBpLXN0YWdp
            bmd0AAZjb25maWdzcQB+AAYAAAAAdwQAAAAAeHQAKDAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODlw""";

    private static RepositoryConfiguration configuration() {
        RepositoryConfiguration configuration =
                new RepositoryConfiguration("config", "https://git.example.com/config.git");
        configuration.setBranch("main");
        return configuration;
    }

    @Test
    public void keepsTheTargetsAgent() throws Exception {
        for (AgentReference by : List.of(
                new AgentReference(AgentKind.FLUX, "main", "Kustomization/flux-system/payments-api"),
                new AgentReference(AgentKind.FLUX, "main", "Kustomization/flux-system/web", null, true),
                new AgentReference(AgentKind.ARGO_CD, "main", "web", "services/web/overlays/dev", false),
                new AgentReference(AgentKind.ARGO_CD, "main", null))) {
            Target target = TARGET.withAgent(by);
            assertThat(read(write(awaited(target, ImagePolicy.WHERE_SEEN))).target(), is(target));
        }
        assertThat(awaited(TARGET, ImagePolicy.WHERE_SEEN).target(), is(TARGET));
    }

    @Test
    public void keepsTheRunningImageRequirement() throws Exception {
        for (ImagePolicy policy : ImagePolicy.values()) {
            assertThat(imagePolicy(read(write(awaited(TARGET, policy)))), is(policy));
        }
        assertThat(imagePolicy(read(Base64.getMimeDecoder().decode(BEFORE_AGENTS))), is(ImagePolicy.WHERE_SEEN));
    }

    private static ImagePolicy imagePolicy(AwaitedChange awaitedChange) throws Exception {
        return awaitedChange.expectation(true, Instant.EPOCH, Duration.ZERO).image();
    }

    private static AwaitedChange awaited(Target target, ImagePolicy policy) {
        return new AwaitedChange(CONFIG, "run#1/7", target, REVISION, List.of("ghcr.io/o/x:v2"), policy);
    }

    @Test
    public void readsStateStoredBeforeTargetsHadAnAgent() throws Exception {
        AwaitedChange awaitedChange = read(Base64.getMimeDecoder().decode(BEFORE_AGENTS));
        assertThat(awaitedChange.target(), is(TARGET));
        assertThat(awaitedChange.revision, is(REVISION));
        assertThat(awaitedChange.operation, is("run#1/7"));
        assertThat(awaitedChange.isLive(), is(false));
    }

    private static byte[] write(AwaitedChange awaitedChange) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(awaitedChange);
        }
        return bytes.toByteArray();
    }

    private static AwaitedChange read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (AwaitedChange) in.readObject();
        }
    }
}
