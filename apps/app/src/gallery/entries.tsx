import type { ReactNode } from 'react';
import { View } from 'react-native';
import { paths } from '../paths';
import { AcceptInvitation } from '../screens/AcceptInvitation';
import { ActiveCall } from '../screens/ActiveCall';
import { AskNotices } from '../screens/AskNotices';
import { CallBar, type CallBarProps } from '../screens/CallBar';
import { CallSummary } from '../screens/CallSummary';
import { Calls, type CallsProps } from '../screens/Calls';
import { Channel, type ChannelSnapshot } from '../screens/Channel';
import { CreateTeam } from '../screens/CreateTeam';
import { ConnectionDetails } from '../screens/call/ConnectionDetails';
import { EndAndCall } from '../screens/call/EndAndCall';
import { LeaveQuestion } from '../screens/call/LeaveQuestion';
import { ProtectionDialog } from '../screens/call/Protection';
import { type Extra, MoreMenu } from '../screens/call/StageMenu';
import type { Corner } from '../screens/call/snap';
import { DevicesDialog } from '../screens/devices/DevicesDialog';
import { IncomingCalls } from '../screens/IncomingCalls';
import { NotFound } from '../screens/NotFound';
import { PermissionNotice } from '../screens/PermissionNotice';
import { PlacingCall } from '../screens/PlacingCall';
import { Profile } from '../screens/Profile';
import { Settings } from '../screens/Settings';
import { Shell } from '../screens/Shell';
import { Shortcuts } from '../screens/Shortcuts';
import { SignIn } from '../screens/SignIn';
import { SignUp } from '../screens/SignUp';
import type {
  ActiveCallSnapshot,
  CallSummarySnapshot,
  IncomingCallItem,
  PlacingCallSnapshot,
} from '../screens/snapshots';
import { WaitingCalls } from '../screens/WaitingCalls';
import { StageTheme } from '../theme/ThemeProvider';
import { type Connection, LoadingState } from '../ui/States';
import { Toasts } from '../ui/Toasts';
import { t } from '../words/words';
import { calls, channel, manyMessages, messagesWithCalls, NOW, sidebar } from './chat';
import { deviceStates, devicesPanel } from './devices';
import { withFaces } from './faces';
import { groupEntries } from './group';
import { active, FIGURES, groupOthers, incoming, other, placing, quietOther, quietSelf, self } from './onStage';
import { ada, barbara, dennis, everybody, grace, ken, linus } from './people';
import { pictureOf, screenOf } from './pictures';
import { settingsProps } from './settings';

const nothing = () => undefined;

const shell = (
  current: string,
  pane: ReactNode | null,
  connection: Connection = 'online',
  unread = 2,
  people = everybody.slice(1),
) => (
  <Shell
    open={pane !== null}
    sidebar={{
      snapshot: { ...sidebar(current, unread), people },
      connection,
      onNavigate: nothing,
      onCreateChannel: nothing,
    }}
  >
    {pane}
  </Shell>
);

const chat = (change: Partial<ChannelSnapshot> = {}) =>
  shell(
    paths.channel('general'),
    <Channel
      snapshot={channel(change)}
      onSend={nothing}
      onBack={nothing}
      onLoadOlder={nothing}
      onResend={nothing}
      onRetry={nothing}
      onAudioCall={nothing}
      onVideoCall={nothing}
      onStartCall={nothing}
      onPostLink={nothing}
      onCallBack={nothing}
    />,
    change.connection,
  );

const ring = (...items: IncomingCallItem[]) => (
  <View style={{ flex: 1 }}>
    {chat()}
    <IncomingCalls calls={items} onAccept={nothing} onDecline={nothing} />
  </View>
);

const place = (change: Partial<PlacingCallSnapshot> = {}) => (
  <PlacingCall
    snapshot={placing(change)}
    onToggleMicrophone={nothing}
    onToggleCamera={nothing}
    onExplain={nothing}
    onCancel={nothing}
    onLeave={nothing}
    onMinimise={nothing}
  />
);

const offSwitch = { on: false, set: nothing };

const talk = (change: Partial<ActiveCallSnapshot> = {}, corner?: Corner) => (
  <ActiveCall
    snapshot={active(change)}
    onToggleMicrophone={nothing}
    onToggleCamera={nothing}
    onLeave={nothing}
    onMinimise={nothing}
    onExplain={nothing}
    onShortcuts={nothing}
    onShare={nothing}
    onDataSaver={nothing}
    devices={devicesPanel()}
    addable={{ people: [barbara, dennis], onAdd: nothing }}
    fullScreen={offSwitch}
    pictureInPicture={offSwitch}
    {...(corner === undefined ? {} : { corner })}
  />
);

const over = (below: ReactNode, above: ReactNode) => (
  <View style={{ flex: 1 }}>
    {below}
    <StageTheme>{above}</StageTheme>
  </View>
);

const withDevices = (state: keyof typeof deviceStates) =>
  over(talk(), <DevicesDialog {...deviceStates[state]()} onClose={nothing} />);

const bar = (change: Partial<CallBarProps['snapshot']> = {}) => (
  <View style={{ flex: 1 }}>
    <CallBar
      snapshot={{
        name: grace.displayName,
        phase: 'connected',
        connectedAt: Date.now() - 277_000,
        reconnecting: false,
        isMuted: false,
        ...change,
      }}
      onBack={nothing}
      onToggleMicrophone={nothing}
      onEnd={nothing}
    />
    {chat({ name: 'Grace Hopper', direct: grace })}
  </View>
);

const unasked: NonNullable<CallSummarySnapshot['opinion']> = { rating: null, reasons: [], failed: false };

const summary = (change: Partial<CallSummarySnapshot> = {}, opensWithFigures = false) => (
  <CallSummary
    opensWithFigures={opensWithFigures}
    onRate={nothing}
    onReason={nothing}
    onSkip={nothing}
    snapshot={{
      kind: 'video',
      heading: 'call_ended',
      with: grace,
      participants: ['Ada Lovelace', 'Grace Hopper'],
      durationSeconds: 1572,
      protection: 'end_to_end',
      quality: 'good',
      figures: FIGURES,
      opinion: unasked,
      ...change,
    }}
    onCallAgain={nothing}
    onDone={nothing}
  />
);

const unconnected = (heading: CallSummarySnapshot['heading']): Partial<CallSummarySnapshot> => ({
  quality: null,
  opinion: null,
  kind: 'audio',
  heading,
  with: grace,
  participants: [],
  durationSeconds: null,
});

const profile = (
  person = grace,
  recent: typeof calls | null = calls.filter((call) => call.with.id === person.id),
  error: string | null = null,
) =>
  shell(
    paths.person(person.id),
    <Profile
      snapshot={{ person, recentCalls: recent, error, now: NOW }}
      onMessage={nothing}
      onAudioCall={nothing}
      onVideoCall={nothing}
      onBack={nothing}
      onNavigate={nothing}
    />,
  );

const callList = (items: typeof calls | null, change: Partial<CallsProps['snapshot']> = {}) =>
  shell(
    paths.calls,
    <Calls
      snapshot={{
        filter: 'all',
        calls: items,
        hasMore: items !== null && items.length > 0,
        error: null,
        connection: 'online',
        now: NOW,
        ...change,
      }}
      onFilter={nothing}
      onBack={nothing}
      onNavigate={nothing}
      onCallBack={nothing}
      onMore={nothing}
      onRetry={nothing}
    />,
  );

const settings = (change: Parameters<typeof settingsProps>[0] = {}) =>
  shell(paths.settings, <Settings {...settingsProps(change)} />);

const waiting = (...items: IncomingCallItem[]) =>
  over(
    talk(),
    <WaitingCalls
      calls={items}
      held={items.length === 0 ? [{ id: 'held', name: barbara.displayName }] : []}
      onHold={nothing}
      onDecline={nothing}
      onEndAndAccept={nothing}
      onResume={nothing}
      onLeave={nothing}
    />,
  );

const toasts = (...texts: string[]) => (
  <View style={{ flex: 1 }}>
    {chat()}
    <Toasts toasts={texts.map((text) => ({ id: text, text }))} />
  </View>
);

const extras: readonly Extra[] = [
  { icon: 'devices', label: t('devices.title'), onPress: nothing },
  { icon: 'pictureInPicture', label: t('call.pictureInPicture'), onPress: nothing },
  { icon: 'fullScreen', label: t('call.fullScreen'), keys: 'F', onPress: nothing },
];

const PROBLEMS = ['denied', 'dismissed', 'blocked', 'no_device', 'in_use', 'insecure', 'unsupported'] as const;

/** What can stand in the way of each device. */
const permissionProblems = (): Record<string, () => ReactNode> =>
  Object.fromEntries(
    (['microphone', 'camera'] as const).flatMap((source) =>
      PROBLEMS.map((problem) => [
        `permission-${source}-${problem.replace('_', '-')}`,
        () => (
          <PermissionNotice
            matter={{ is: 'problem', source, problem }}
            {...(problem === 'insecure' || problem === 'unsupported' ? {} : { onContinue: nothing })}
            onWithout={nothing}
            onCancel={nothing}
          />
        ),
      ]),
    ),
  );

/** Every screen in every state, by the name in the address: /gallery?show=incoming-video&theme=dark. */
export const entries: Readonly<Record<string, () => ReactNode>> = {
  ...groupEntries,
  'sign-in': () => <SignIn busy={false} error={null} demoPeople={[]} onSignIn={nothing} />,
  'sign-in-demo': () => <SignIn busy={false} error={null} demoPeople={everybody} onSignIn={nothing} onDemo={nothing} />,
  'sign-in-error': () => <SignIn busy={false} error="credentials_invalid" demoPeople={[]} onSignIn={nothing} />,
  'sign-in-busy': () => <SignIn busy error={null} demoPeople={everybody} onSignIn={nothing} onDemo={nothing} />,
  'sign-in-offline': () => <SignIn busy={false} error="network" demoPeople={[]} onSignIn={nothing} />,
  'sign-up': () => <SignUp busy={false} error={null} onSignUp={nothing} />,
  'sign-up-error': () => <SignUp busy={false} error="email_taken" onSignUp={nothing} />,
  'create-team': () => <CreateTeam busy={false} error={null} onCreate={nothing} onSignOut={nothing} />,
  'create-team-error': () => <CreateTeam busy={false} error="rate_limited" onCreate={nothing} onSignOut={nothing} />,
  invitation: () => (
    <AcceptInvitation
      state="open"
      preview={{ teamName: 'Acme', invitedBy: 'Grace Hopper' }}
      busy={false}
      error={null}
      onAccept={nothing}
    />
  ),
  'invitation-error': () => (
    <AcceptInvitation
      state="open"
      preview={{ teamName: 'Acme', invitedBy: 'Grace Hopper' }}
      busy={false}
      error="network"
      onAccept={nothing}
    />
  ),
  'invitation-signed-out': () => (
    <AcceptInvitation
      state="signed_out"
      preview={{ teamName: 'Acme', invitedBy: 'Grace Hopper' }}
      busy={false}
      error={null}
    />
  ),
  'invitation-invalid': () => <AcceptInvitation state="invalid" preview={null} busy={false} error={null} />,

  home: () => shell(paths.home, null),
  'home-offline': () => shell(paths.home, null, 'offline', 0),
  'home-connecting': () => shell(paths.home, null, 'connecting', 0),
  'home-alone': () => shell(paths.home, null, 'online', 0, []),
  loading: () => <LoadingState cover />,
  channel: () => chat(),
  'channel-pictures': () => withFaces(chat()),
  'channel-long': () => chat({ messages: manyMessages, hasOlder: true }),
  'channel-call': () =>
    chat({
      running: { callId: 'c', kind: 'video', people: [grace, ken, linus], count: 5, mine: false, locked: false },
      messages: [
        ...(channel().messages ?? []),
        { id: 'invite', author: grace, text: '', at: NOW, invite: paths.join('token') },
      ],
    }),
  'channel-empty': () => chat({ messages: [] }),
  'channel-loading': () => chat({ messages: null }),
  'channel-error': () => chat({ messages: null, error: 'network' }),
  'channel-offline': () =>
    chat({
      connection: 'offline',
      messages: [
        ...(channel().messages ?? []),
        { id: 's1', author: everybody[0] ?? grace, text: 'Sending this…', at: NOW - 60_000, state: 'sending' },
        { id: 's2', author: everybody[0] ?? grace, text: 'This one did not get through.', at: NOW, state: 'failed' },
      ],
    }),
  direct: () => chat({ name: 'Grace Hopper', direct: grace }),
  'direct-calls': () => chat({ name: 'Grace Hopper', direct: grace, messages: messagesWithCalls }),
  profile: () => profile(),
  'profile-quiet': () => profile({ ...grace, quiet: true }),
  'profile-picture': () => withFaces(profile()),
  'profile-in-call': () => profile(linus, []),
  'profile-offline': () => profile(barbara, null),
  'profile-error': () => profile(ken, [], 'too_many_live_calls'),
  calls: () => callList(calls),
  'calls-empty': () => callList([]),
  'calls-loading': () => callList(null),
  'calls-error': () => callList(null, { error: 'network' }),
  'calls-offline': () => callList(calls, { connection: 'offline', error: 'network' }),
  'calls-missed': () =>
    callList(
      calls.filter(({ heading }) => heading === 'call_missed'),
      { filter: 'missed', hasMore: false },
    ),
  'calls-missed-empty': () => callList([], { filter: 'missed' }),
  'calls-incoming-empty': () => callList([], { filter: 'incoming' }),
  'calls-outgoing-empty': () => callList([], { filter: 'outgoing' }),
  settings: () => withFaces(settings()),
  'settings-loading': () => settings({ loading: true }),
  'settings-quiet': () => settings({ quiet: 'eight', relayAvailable: true, made: true }),
  'settings-problems': () => settings({ error: 'network' }),
  'settings-password': () => settings({ opensWith: 'password', accountError: 'credentials_invalid' }),
  'settings-leave': () => settings({ opensWith: 'leave', accountError: 'last_owner' }),
  'settings-delete': () => settings({ opensWith: 'delete' }),
  'settings-password-changed': () => settings({ done: 'password' }),
  'settings-foreign-account': () => settings({ foreign: true }),
  'not-found': () => <NotFound />,
  'link-over': () => <NotFound what="link" />,
  'out-of-call': () => <NotFound what="call" />,
  'not-found-channel': () => shell(paths.channel('gone'), <NotFound inShell />),
  'answered-elsewhere': () => toasts(t('notices.answered_elsewhere')),
  'notice-failed': () => toasts(t('notices.command_failed'), t('notices.media_problem')),
  'notice-replaced': () => toasts(t('notices.replaced')),

  'incoming-video': () => ring(incoming()),
  'incoming-audio': () => ring(incoming({ kind: 'audio', caller: ken })),
  'incoming-answering': () => ring(incoming({ answering: true })),
  'incoming-silent': () => ring(incoming({ silent: 'quiet' })),
  'incoming-silent-device': () => ring(incoming({ silent: 'device' })),
  'incoming-picture': () => withFaces(ring(incoming({ kind: 'audio' }))),
  'incoming-two': () => ring(incoming(), incoming({ id: 'i2', kind: 'audio', caller: barbara })),
  'calling-video': () => place(),
  'calling-audio': () => place({ kind: 'audio', self: quietSelf() }),
  'calling-away': () => place({ kind: 'audio', self: quietSelf(), away: true }),
  'calling-quiet': () => place({ kind: 'audio', self: quietSelf(), with: { ...grace, quiet: true } }),
  'calling-offline': () => place({ offline: true }),
  'connecting-video': () => place({ phase: 'connecting' }),
  'connecting-audio': () => place({ kind: 'audio', phase: 'connecting', self: quietSelf() }),
  'calling-no-microphone': () => place({ kind: 'audio', self: quietSelf({ microphone: 'in_use', isMuted: true }) }),
  'call-video': () => talk(),
  'call-video-muted': () => talk({ others: [other({ isMuted: true })], self: self({ isMuted: true }) }),
  'call-camera-off': () => talk({ others: [quietOther({ speaking: true })], self: quietSelf() }),
  'call-audio': () => talk({ kind: 'audio', others: [quietOther()], self: quietSelf() }),
  'call-connecting': () => talk({ connectedAt: null, others: [quietOther()], quality: null }),
  'call-reconnecting': () => talk({ reconnecting: true, quality: 'weak' }),
  'call-lost': () => talk({ others: [other({ away: true })], quality: 'weak' }),
  'call-video-held': () => talk({ self: quietSelf(), quality: 'weak', videoHeld: true }),
  'call-share': () =>
    talk({
      others: [other({ screen: screenOf(grace.id) })],
      self: self({ canShare: true, screen: screenOf(ada.id) }),
      notices: [{ id: 'sharing', text: t('group.youShare') }],
    }),
  'call-weak-audio': () => talk({ kind: 'audio', others: [quietOther()], self: quietSelf(), quality: 'weak' }),
  'call-details': () =>
    over(talk(), <ConnectionDetails figures={active()} quality="good" onCopy={async () => {}} onClose={nothing} />),
  'call-details-none': () =>
    over(
      talk({ quality: null }),
      <ConnectionDetails
        figures={{ stats: null, soFar: null, protection: 'end_to_end' }}
        quality={null}
        onClose={nothing}
      />,
    ),
  'call-no-microphone': () => talk({ self: quietSelf({ microphone: 'denied', camera: 'no_device', isMuted: true }) }),
  'call-restored': () => talk({ notices: [{ id: 'restored', text: t('call.restored') }] }),
  'call-offline': () => talk({ notices: [{ id: 'offline', text: t('call.serverAway') }] }),
  'call-weak': () => talk({ quality: 'weak' }),
  'call-fair': () => talk({ quality: 'fair' }),
  'call-upright': () => talk({ others: [other({ stream: pictureOf(grace.id, false) })] }),
  'call-inset-bottom': () => talk({}, 'bottomRight'),
  'call-protection': () => over(talk(), <ProtectionDialog protection="end_to_end" onClose={nothing} />),
  'call-leave-question': () => over(talk(), <LeaveQuestion onLeave={nothing} onStay={nothing} />),
  'call-end-and-call': () => over(talk(), <EndAndCall onEnd={nothing} onStay={nothing} />),
  'call-waiting': () => waiting(incoming({ kind: 'audio', caller: ken, waiting: 'hold' })),
  'call-waiting-placing': () => waiting(incoming({ waiting: 'end' })),
  'call-held': () => waiting(),
  'call-elsewhere': () =>
    over(
      talk(),
      <WaitingCalls
        calls={[]}
        held={[]}
        elsewhere={[{ id: 'elsewhere', name: barbara.displayName }]}
        onMoveHere={nothing}
      />,
    ),
  'call-on-hold': () => talk({ others: [other({ onHold: true })] }),
  'calling-on-another-call': () => place({ kind: 'audio', self: quietSelf(), onAnotherCall: true }),
  'call-more': () => over(talk(), <MoreMenu extras={extras} onClose={nothing} />),
  'devices-several': () => withDevices('several'),
  'devices-muted': () => withDevices('muted'),
  'devices-none': () => withDevices('none'),
  'devices-untold': () => withDevices('untold'),
  'devices-no-speaker-choice': () => withDevices('no-speaker-choice'),
  'devices-unplugged': () => withDevices('unplugged'),
  'devices-problems': () => withDevices('problems'),
  'devices-phone': () => withDevices('phone'),
  'call-unplugged': () => (
    <View style={{ flex: 1 }}>
      {talk()}
      <Toasts toasts={[{ id: '1', text: t('devices.lost.microphone', { name: 'Jabra Evolve2 65' }) }]} />
    </View>
  ),
  'settings-devices': () => settings({ devices: devicesPanel({}, { onTry: () => nothing }) }),
  'call-bar': () => bar(),
  'call-bar-connecting': () => bar({ phase: 'connecting', connectedAt: null }),
  'call-bar-muted': () => bar({ isMuted: true }),
  'call-bar-ringing': () => bar({ phase: 'ringing', connectedAt: null }),
  'call-bar-reconnecting': () => bar({ reconnecting: true }),
  shortcuts: () => (
    <View style={{ flex: 1 }}>
      {chat()}
      <Shortcuts onClose={nothing} />
    </View>
  ),
  'notifications-ask': () => (
    <View style={{ flex: 1 }}>
      <AskNotices onAllow={nothing} onLater={nothing} />
      {chat()}
    </View>
  ),
  'call-group': () => talk({ title: '# general', others: groupOthers(), protection: 'to_server' }),

  'permission-ask': () => (
    <PermissionNotice
      matter={{ is: 'ask', wanted: 'both' }}
      onContinue={nothing}
      onWithout={nothing}
      onCancel={nothing}
    />
  ),
  'permission-ask-microphone': () => (
    <PermissionNotice
      matter={{ is: 'ask', wanted: 'microphone' }}
      onContinue={nothing}
      onWithout={nothing}
      onCancel={nothing}
    />
  ),
  ...permissionProblems(),
  'permission-microphone-phone': () => (
    <PermissionNotice
      matter={{ is: 'problem', source: 'microphone', problem: 'denied' }}
      onOpenSettings={nothing}
      onWithout={nothing}
    />
  ),
  summary: () => summary(),
  'summary-figures': () => summary({ quality: 'fair' }, true),
  'summary-rated': () => summary({ opinion: { ...unasked, rating: 'good' } }),
  'summary-reasons': () =>
    summary({ quality: 'weak', opinion: { rating: 'bad', reasons: ['choppy_sound', 'delay'], failed: false } }),
  'summary-not-rated': () => summary({ opinion: { ...unasked, rating: 'fair', failed: true } }),
  'summary-skipped': () => summary({ opinion: null }),
  'summary-dropped': () => summary({ problem: 'dropped', durationSeconds: 64 }),
  'summary-failed': () =>
    summary({
      ...unconnected('call_ended'),
      participants: ['Ada Lovelace', 'Grace Hopper'],
      problem: 'media_failed',
    }),
  'summary-cancelled': () => summary({ ...unconnected('call_ended'), cancelled: true }),
  'summary-missed': () => summary(unconnected('call_missed')),
  'summary-no-answer': () => summary(unconnected('no_answer')),
  'summary-declined': () => summary(unconnected('call_declined')),
  'summary-busy': () => summary(unconnected('on_another_call')),
};
