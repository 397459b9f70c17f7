package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.agent.SecretSource;
import io.jenkins.plugins.gitops.agent.demo.ReportReceiver;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.observe.Observer;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfig;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@code gitops-agent observe} on the tests' control plane, and the status that its reports give for a target. */
final class ObserverReports implements AutoCloseable {
    private static final String NAME = "edge";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final ReportReceiver receiver;
    private final Path secret;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Observer observer;

    private ObserverReports(ReportReceiver receiver, Path secret) {
        this.receiver = receiver;
        this.secret = secret;
    }

    /**
     * Starts an observer of Flux.
     *
     * @param folder an existing folder that nothing else uses
     */
    static ObserverReports start(Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), SECRET);
        ReportReceiver receiver = ReportReceiver.start(Map.of(NAME, SECRET), Optional::empty);
        ObserverReports started = new ObserverReports(receiver, secret);
        started.observe();
        return started;
    }

    private void observe() throws Exception {
        ObserverConfig config = new ObserverConfig(
                NAME,
                new Jenkins(URI.create(receiver.url() + "/"), SecretSource.file(secret)),
                ClusterAccess.OWN,
                true,
                false,
                List.of(),
                false,
                ObserverConfig.HEARTBEAT,
                null);
        observer = new Observer(config, ControlPlane.shared().config(), lines::add);
        observer.start();
    }

    /** Ends the observer and starts another one, as after a node failure. */
    void restart() throws Exception {
        observer.close();
        observe();
    }

    /** Returns what the reports say about a target. */
    List<AgentSnapshot> snapshots(Target target) {
        return receiver.snapshots(target);
    }

    @Override
    public void close() {
        observer.close();
        receiver.close();
    }
}
