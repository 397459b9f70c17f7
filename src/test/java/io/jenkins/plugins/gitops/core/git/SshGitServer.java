package io.jenkins.plugins.gitops.core.git;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.UploadPack;

/** One bare repository on a real SSH server on the loopback interface, and the only key with access to it. */
public final class SshGitServer implements AutoCloseable {
    private static final Pattern COMMAND = Pattern.compile("git-(upload|receive)-pack '(.*)'");

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Path folder;
    private final KeyPair hostKey;
    private final AtomicBoolean losing = new AtomicBoolean();

    public SshGitServer(Path folder, KeyPair hostKey, PublicKey allowed) throws IOException {
        this.folder = folder;
        this.hostKey = hostKey;
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(List.of(hostKey)));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("git") && KeyUtils.compareKeys(key, allowed));
        server.setCommandFactory((channel, command) -> new PackCommand(command));
        server.start();
    }

    /** Returns the URL of a repository in the folder. */
    public String url(String name) {
        return "ssh://git@127.0.0.1:" + server.getPort() + "/" + name;
    }

    /** Closes the connection of the next push after it was processed, without a response. */
    public void loseNextAnswer() {
        losing.set(true);
    }

    /** Returns a line of a known hosts file with a key for this server's address. */
    public String knownHost(PublicKey key) {
        return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key) + System.lineSeparator();
    }

    /** Writes a known hosts file with a key for this server's address. */
    public void writeKnownHosts(Path file, PublicKey key) throws IOException {
        Files.writeString(file, knownHost(key));
    }

    public PublicKey hostKey() {
        return hostKey.getPublic();
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    private final class PackCommand implements Command {
        private final String command;
        private InputStream in;
        private OutputStream out;
        private OutputStream err;
        private ExitCallback exit;

        PackCommand(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            Thread thread = new Thread(this::run, "ssh-git");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void destroy(ChannelSession channel) {
            // The command ends when its streams end.
        }

        private void receive(Repository repository) throws IOException {
            AtomicBoolean lost = new AtomicBoolean();
            ReceivePack pack = new ReceivePack(repository);
            pack.setPostReceiveHook((receiving, commands) -> lost.set(losing.getAndSet(false)));
            OutputStream answer = new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (!lost.get()) {
                        out.write(bytes, offset, length);
                    }
                }
            };
            pack.receive(in, answer, err);
        }

        private void run() {
            Matcher matcher = COMMAND.matcher(command);
            Path place = matcher.matches() ? folder.resolve(matcher.group(2).substring(1)) : folder;
            try (Repository repository = new FileRepositoryBuilder()
                    .setGitDir(place.toFile())
                    .setMustExist(true)
                    .build()) {
                if (matcher.group(1).equals("upload")) {
                    new UploadPack(repository).upload(in, out, err);
                } else {
                    receive(repository);
                }
                exit.onExit(0);
            } catch (IOException | RuntimeException e) {
                exit.onExit(1, String.valueOf(e.getMessage()));
            }
        }
    }
}
