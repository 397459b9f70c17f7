package io.jenkins.plugins.gitops.agent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;

/** A config repository of a given size: each application has nine files, in three environments. */
final class GeneratedRepository {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: %1$s
              labels:
                app: %1$s
            spec:
              replicas: 2
              selector:
                matchLabels:
                  app: %1$s
              template:
                metadata:
                  labels:
                    app: %1$s
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/%1$s:latest
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: %1$s
            spec:
              selector:
                app: %1$s
              ports:
              - port: 80
            """;
    private static final String BASE = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - deployment.yaml
            - service.yaml
            """;
    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: %1$s
            resources:
            - ../../base
            images:
            - name: registry.example.com/%2$s
              newTag: "1" # the bench writes this
            """;

    private GeneratedRepository() {}

    static String name(int application) {
        return String.format("app-%04d", application);
    }

    /** Returns the path of the file that sets the image of an application in an environment. */
    static String imageFile(String application, String environment) {
        return "services/" + application + "/overlays/" + environment + "/kustomization.yaml";
    }

    /** Creates a bare repository with one commit on branch main, in one pack as after a clone. */
    static void create(Path bare, int applications) throws IOException, GitAPIException {
        try (Git git = Git.init()
                .setBare(true)
                .setGitDir(bare.toFile())
                .setInitialBranch("main")
                .call()) {
            Repository repository = git.getRepository();
            StoredConfig config = repository.getConfig();
            // Garbage collection would distort single rounds.
            config.setBoolean("receive", null, "autogc", false);
            config.setInt("gc", null, "auto", 0);
            config.save();
            try (ObjectInserter inserter = ((ObjectDirectory) repository.getObjectDatabase()).newPackInserter()) {
                RefUpdate update = repository.updateRef(Constants.R_HEADS + "main");
                update.setNewObjectId(commit(inserter, applications));
                update.update();
            }
        }
    }

    private static ObjectId commit(ObjectInserter inserter, int applications) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        for (Map.Entry<String, String> file : files(applications).entrySet()) {
            DirCacheEntry entry = new DirCacheEntry(file.getKey());
            entry.setFileMode(FileMode.REGULAR_FILE);
            entry.setObjectId(
                    inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8)));
            builder.add(entry);
        }
        builder.finish();
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(index.writeTree(inserter));
        commit.setAuthor(new PersonIdent("bench", "bench@example.com"));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("Begin\n");
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        return id;
    }

    private static Map<String, String> files(int applications) {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < applications; i++) {
            String app = name(i);
            String service = "services/" + app + "/";
            files.put(service + "base/deployment.yaml", DEPLOYMENT.formatted(app));
            files.put(service + "base/service.yaml", SERVICE.formatted(app));
            files.put(service + "base/kustomization.yaml", BASE);
            for (String environment : new String[] {"dev", "staging", "production"}) {
                files.put(imageFile(app, environment), OVERLAY.formatted(environment, app));
                files.put(
                        service + "overlays/" + environment + "/config.yaml",
                        "# settings of " + app + " in " + environment + "\n");
            }
        }
        return files;
    }
}
