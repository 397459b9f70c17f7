package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** Another person's clone with a work tree: by C Git if installed, otherwise by JGit's porcelain API. */
public abstract class WorkTreeClone {
    private static final PersonIdent SOMEBODY = new PersonIdent("Somebody Else", "else@example.com");

    protected final Path folder;

    private WorkTreeClone(Path folder) {
        this.folder = folder;
    }

    /** Whether C Git is installed. */
    public static boolean isCommandThere() {
        try {
            return new ProcessBuilder("git", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Clones branch main into a folder that does not exist yet. */
    public static WorkTreeClone clone(String url, Path folder, String user, String password) throws Exception {
        if (!isCommandThere()) {
            return new Porcelain(url, folder, new UsernamePasswordCredentialsProvider(user, password));
        }
        String withUser = url.replace("://", "://" + user + ":" + password + "@");
        command(folder.getParent(), "clone", "--quiet", "--branch", "main", withUser, folder.toString());
        return new Command(folder);
    }

    public byte[] read(String path) throws IOException {
        return Files.readAllBytes(folder.resolve(path));
    }

    public WorkTreeClone write(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return this;
    }

    public WorkTreeClone write(String path, String content) throws IOException {
        return write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public void makeExecutable(String path) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public boolean isExecutable(String path) {
        return Files.isExecutable(folder.resolve(path));
    }

    public void link(String path, String target) throws IOException {
        Files.createSymbolicLink(folder.resolve(path), Path.of(target));
    }

    /** Commits everything that was written. */
    public abstract void commit(String message) throws Exception;

    /** Pushes branch main. */
    public abstract void push(boolean force) throws Exception;

    /** Resets the clone to the remote's main. */
    public abstract void update() throws Exception;

    /** Returns the clone's newest commit. */
    public abstract String tip() throws Exception;

    /** Resets to an earlier commit. */
    public abstract void reset(String revision) throws Exception;

    private static String command(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                "git", "-c", "user.name=" + SOMEBODY.getName(), "-c", "user.email=" + SOMEBODY.getEmailAddress()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "GIT_TERMINAL_PROMPT", "0", "GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL", "/dev/null"));
        Process process = builder.start();
        // If the process hangs, reading its output would never end.
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(e -> process.destroyForcibly());
        String output;
        try (InputStream in = process.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + output);
        }
        return output.trim();
    }

    private static final class Command extends WorkTreeClone {
        Command(Path folder) {
            super(folder);
        }

        @Override
        public void commit(String message) throws Exception {
            command(folder, "add", "--all");
            command(folder, "commit", "--quiet", "--message", message);
        }

        @Override
        public void push(boolean force) throws Exception {
            command(folder, "push", "--quiet", force ? "--force" : "--no-force", "origin", "HEAD:refs/heads/main");
        }

        @Override
        public void update() throws Exception {
            command(folder, "fetch", "--quiet", "origin");
            reset("origin/main");
        }

        @Override
        public String tip() throws Exception {
            return command(folder, "rev-parse", "HEAD");
        }

        @Override
        public void reset(String revision) throws Exception {
            command(folder, "reset", "--quiet", "--hard", revision);
        }
    }

    private static final class Porcelain extends WorkTreeClone {
        private final Git git;
        private final CredentialsProvider credentials;

        Porcelain(String url, Path folder, CredentialsProvider credentials) throws GitAPIException {
            super(folder);
            this.credentials = credentials;
            this.git = Git.cloneRepository()
                    .setURI(URI.create(url).toString())
                    .setDirectory(folder.toFile())
                    .setBranch("main")
                    .setCredentialsProvider(credentials)
                    .call();
        }

        @Override
        public void commit(String message) throws Exception {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage(message)
                    .setAuthor(SOMEBODY)
                    .setCommitter(SOMEBODY)
                    .call();
        }

        @Override
        public void push(boolean force) throws Exception {
            for (PushResult result : git.push()
                    .setCredentialsProvider(credentials)
                    .setForce(force)
                    .call()) {
                for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                    if (update.getStatus() != RemoteRefUpdate.Status.OK) {
                        throw new IOException("push: " + update.getStatus());
                    }
                }
            }
        }

        @Override
        public void update() throws Exception {
            git.fetch().setCredentialsProvider(credentials).call();
            reset("origin/main");
        }

        @Override
        public String tip() throws Exception {
            return git.getRepository().resolve("HEAD").name();
        }

        @Override
        public void reset(String revision) throws Exception {
            git.reset().setMode(ResetCommand.ResetType.HARD).setRef(revision).call();
        }
    }
}
