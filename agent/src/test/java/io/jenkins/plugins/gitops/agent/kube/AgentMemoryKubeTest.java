package io.jenkins.plugins.gitops.agent.kube;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThan;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.TestRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The memory use of the agent in a cluster with 1,000 Secrets of 150 KB that it does not manage. */
public class AgentMemoryKubeTest {
    private static final int SECRETS = 1_000;
    private static final int SECRET_BYTES = 150_000;
    private static final int WRITERS = 4;
    private static final int LIMIT_MEBIBYTES = 512;
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    private static String unrelated;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String namespace = "memory-" + UUID.randomUUID().toString().substring(0, 8);
    private final KubernetesClient client = ControlPlane.shared().client();

    @BeforeClass
    public static void createUnrelatedSecrets() throws Exception {
        KubernetesClient client = ControlPlane.shared().client();
        unrelated = "unrelated-" + UUID.randomUUID().toString().substring(0, 8);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(unrelated)
                        .endMetadata()
                        .build())
                .create();
        String value = Base64.getEncoder().encodeToString(new byte[SECRET_BYTES]);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < SECRETS; i++) {
                String name = "secret-" + i;
                tasks.add(() -> {
                    client.resource(new SecretBuilder()
                                    .withNewMetadata()
                                    .withName(name)
                                    .withNamespace(unrelated)
                                    .endMetadata()
                                    .withData(Map.of("value", value))
                                    .build())
                            .create();
                    return null;
                });
            }
            for (var task : writers.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @AfterClass
    public static void deleteUnrelatedSecrets() {
        ControlPlane.shared().client().namespaces().withName(unrelated).delete();
    }

    @After
    public void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
    }

    @Test
    public void smallHeapIsEnoughForOneApplication() throws Exception {
        deliver(1, List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    }

    /** Uses the memory limit of agent/deploy. */
    @Test
    public void thousandApplicationsStayBelowTheLimitOfTheContainer() throws Exception {
        double peak = deliver(1_000, AgentProcess.imageOptions(LIMIT_MEBIBYTES));

        assertThat(peak, lessThan((double) LIMIT_MEBIBYTES));
    }

    /** Deploys the applications twice; the second process finds everything in place. Returns the higher peak in MiB. */
    private double deliver(int applications, List<String> options) throws Exception {
        Path state = folder.newFolder().toPath();
        GeneratedApplications generated = new GeneratedApplications(applications, namespace, 0);
        double peak = 0;
        try (TestRepository repository =
                TestRepository.of(folder.newFolder("git").toPath(), generated.files())) {
            for (int run = 0; run < 2; run++) {
                try (AgentProcess agent = AgentProcess.start(options, state, repository.url())) {
                    await(agent, () -> agent.isReady() && deployments() == applications);
                    peak = Math.max(peak, agent.usage().peakMebibytes());
                }
            }
        }
        return peak;
    }

    /** Counts the Deployments without reading their content. */
    private long deployments() {
        var list = client.apps()
                .deployments()
                .inNamespace(namespace)
                .list(new ListOptionsBuilder().withLimit(1L).build());
        Long more = list.getMetadata().getRemainingItemCount();
        return list.getItems().size() + (more == null ? 0 : more);
    }

    private static void await(AgentProcess agent, Callable<Boolean> condition) {
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            agent.requireAlive();
            return condition.call();
        });
    }
}
