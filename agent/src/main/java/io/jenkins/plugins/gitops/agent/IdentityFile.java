package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.cluster.IdentityConfigMap;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityStore;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * Stores the identity in a file of the cache folder and in a ConfigMap of the agent's namespace: the file survives a
 * change of the cluster, the ConfigMap survives the loss of the folder.
 */
final class IdentityFile implements IdentityStore {
    private final Path file;

    @CheckForNull
    private final IdentityConfigMap inCluster;

    /** @param inCluster null if the agent has no namespace */
    IdentityFile(Path cacheFolder, String agent, @CheckForNull IdentityConfigMap inCluster) {
        this.file = cacheFolder.resolve("identity-" + agent.replaceAll("[^A-Za-z0-9._-]", "-") + ".properties");
        this.inCluster = inCluster;
    }

    @Override
    public Optional<String> get(String key) throws IOException, ClusterException {
        String value = read().getProperty(key);
        if (value != null || inCluster == null) {
            return Optional.ofNullable(value);
        }
        return inCluster.get(key);
    }

    @Override
    public void put(String key, String value) throws IOException, ClusterException {
        if (inCluster != null) {
            inCluster.put(key, value);
        }
        Properties all = read();
        all.setProperty(key, value);
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            all.store(writer, "Which cluster and repository the agent works with");
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private Properties read() throws IOException {
        Properties all = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            }
        }
        return all;
    }
}
