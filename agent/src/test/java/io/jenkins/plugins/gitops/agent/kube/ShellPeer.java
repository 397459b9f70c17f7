package io.jenkins.plugins.gitops.agent.kube;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Deploys as a pipeline without an agent does: {@code kustomize build | kubectl apply --server-side}, one by one. */
final class ShellPeer {
    private static final String SCRIPT = """
            "$KUBECTL" create namespace "$1" >applied
            for overlay in services/*/overlays/bench; do
              "$KUSTOMIZE" build "$overlay" | "$KUBECTL" --cache-dir=cache apply --server-side -f - >>applied
            done
            times >times
            """;
    private static final Pattern TIME = Pattern.compile("(\\d+)m(\\d+[.,]\\d+)s");

    private final String kustomize;
    private final String kubectl;

    private ShellPeer(String kustomize, String kubectl) {
        this.kustomize = kustomize;
        this.kubectl = kubectl;
    }

    /** Returns the peer; null if kustomize is neither named by {@code GITOPS_KUSTOMIZE} nor on the path. */
    @CheckForNull
    static ShellPeer find() throws InterruptedException {
        String named = System.getenv("GITOPS_KUSTOMIZE");
        String kustomize = named == null || named.isEmpty() ? "kustomize" : named;
        String programs = System.getenv("GITOPS_KUBE_BIN");
        String kubectl = programs == null
                ? "kubectl"
                : Path.of(programs).resolve("kubectl").toString();
        return runs(kustomize, "version") && runs(kubectl, "version", "--client")
                ? new ShellPeer(kustomize, kubectl)
                : null;
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Deploys all applications of a clone.
     *
     * @param namespace their namespace, which is created
     * @return CPU time of the shell and all its programs, in seconds
     */
    double apply(Path clone, String namespace) throws IOException, InterruptedException {
        Path log = clone.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-e", "-c", SCRIPT, "sh", namespace))
                .directory(clone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "KUSTOMIZE",
                        kustomize,
                        "KUBECTL",
                        kubectl,
                        "KUBECONFIG",
                        ControlPlane.shared().kubeconfig().toString()));
        if (builder.start().waitFor() != 0) {
            throw new IOException("the shell failed: " + Files.readString(log));
        }
        double seconds = 0;
        Matcher matcher = TIME.matcher(Files.readString(clone.resolve("times")));
        while (matcher.find()) {
            seconds += Integer.parseInt(matcher.group(1)) * 60
                    + Double.parseDouble(matcher.group(2).replace(',', '.'));
        }
        return seconds;
    }
}
